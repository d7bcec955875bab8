"use client";
// Keeps a part of the page that fails from taking the rest with it.
import { Component, type ReactNode } from "react";
import { useTranslations } from "use-intl/react";

interface BoundaryProps {
  readonly children: ReactNode;
}

export class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Failed onRetry={() => this.setState({ failed: false })} /> : this.props.children;
  }
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations("result");
  return (
    <div className="card" role="alert">
      <h3>{t("error.title")}</h3>
      <p>{t("error.text")}</p>
      <p>
        <button type="button" className="button" onClick={onRetry}>
          {t("error.retry")}
        </button>
      </p>
    </div>
  );
}
