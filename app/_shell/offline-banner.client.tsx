"use client";
// Says so while the browser has no connection. Empty, it takes no room.
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl/react";

function subscribe(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

export function OfflineBanner() {
  const t = useTranslations("shell");
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="empty:hidden">
      {!online && (
        <p className="border-b border-edge-soft bg-warn-ground px-4 py-2 text-center text-sm">{t("offline")}</p>
      )}
    </div>
  );
}
