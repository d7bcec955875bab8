"use client";
// What the learner should know, or decide, about the draft. Below the code, so that nothing above moves when one appears.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import { Dialog } from "@/app/_shell/dialog.client";
import { DiffView } from "./diff-view.client";
import { saveStatus } from "./draft";
import { useZone } from "./local-time.client";
import type { UsedDraft } from "./use-draft.client";

interface NoticesProps {
  readonly used: UsedDraft;
  readonly starter: string;
  /** The server's version, if it differs from what the device brought back. */
  readonly serverSource: string | null;
  readonly onReplace: (source: string) => void;
  readonly full: { readonly failed: boolean; readonly retry: () => void };
  readonly slips: { readonly count: number; readonly line: number } | null;
  readonly onFixSlips: () => void;
}

export function Notices({ used, starter, serverSource, onReplace, full, slips, onFixSlips }: NoticesProps) {
  const t = useTranslations("workspace");
  const format = useFormatter();
  const timeZone = useZone();
  const [asked, setAsked] = useState(false);
  const [compared, setCompared] = useState<"conflict" | "starter" | null>(null);
  const { draft, session, restoredAt, correctedSince } = used;
  const { conflict } = draft;
  const wasOffline = useRef(false);
  useEffect(() => {
    if (!draft.online) wasOffline.current = true;
    else if (wasOffline.current && saveStatus(draft) === "saved") {
      wasOffline.current = false;
      announce(t("save.synced"));
    }
  }, [draft, t]);
  function takeOver() {
    setAsked(true);
    session?.takeOver();
    setTimeout(() => setAsked(false), 3000);
  }
  function undoRestore(saved: string) {
    onReplace(saved);
    session?.dismissRestored();
  }
  return (
    <div className="notices">
      {draft.owner === "elsewhere" && (
        <Notice>
          {t(asked ? "draft.takingOver" : "draft.elsewhere")}
          <Button onClick={takeOver}>{t("draft.takeOver")}</Button>
        </Notice>
      )}
      {conflict && (
        <Notice urgent>
          {t("draft.conflict")}
          <Button onClick={() => void session?.resolve("mine")}>{t("draft.keepMine")}</Button>
          <Button onClick={() => void session?.resolve("theirs")}>{t("draft.useOther")}</Button>
          <Button onClick={() => setCompared("conflict")}>{t("draft.compare")}</Button>
        </Notice>
      )}
      {restoredAt !== null && !conflict && draft.owner === "mine" && (
        <Notice>
          {t("draft.restored", {
            time: format.dateTime(restoredAt, { dateStyle: "short", timeStyle: "short", timeZone }),
          })}
          {serverSource !== null && <Button onClick={() => undoRestore(serverSource)}>{t("draft.undoRestore")}</Button>}
          <Button onClick={() => session?.dismissRestored()}>{t("draft.dismiss")}</Button>
        </Notice>
      )}
      {correctedSince !== null && (
        <Notice>
          {t("draft.corrected")}
          <Button onClick={() => setCompared("starter")}>{t("draft.seeChanges")}</Button>
          <Button
            onClick={async () => {
              await session?.keepSnapshot("reset");
              onReplace(starter);
              session?.acceptCorrection();
            }}
          >
            {t("draft.updateStarter")}
          </Button>
          <Button onClick={() => session?.acceptCorrection()}>{t("draft.keepCode")}</Button>
        </Notice>
      )}
      {!draft.online && <Notice>{t("draft.offline")}</Notice>}
      {full.failed && (
        <Notice>
          {t("editor.failed")}
          <Button onClick={full.retry}>{t("editor.retry")}</Button>
        </Notice>
      )}
      {slips && (
        <Notice>
          {t("editor.fullWidthNotice", slips)}
          <Button onClick={onFixSlips}>{t("editor.fullWidthFixAll")}</Button>
        </Notice>
      )}
      {compared && (
        <Dialog
          title={t(compared === "conflict" ? "draft.compareTitle" : "draft.correctedTitle")}
          closeLabel={t("diff.close")}
          onClose={() => setCompared(null)}
        >
          <DiffView
            label={t("diff.label")}
            before={compared === "conflict" ? draft.source : (correctedSince ?? starter)}
            after={compared === "conflict" ? (conflict?.source ?? draft.source) : starter}
          />
        </Dialog>
      )}
    </div>
  );
}

function Notice({ children, urgent }: { children: ReactNode; urgent?: boolean }) {
  return (
    <div role={urgent ? "alert" : "status"} className="notice">
      {children}
    </div>
  );
}

function Button({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="notice-button" onClick={onClick}>
      {children}
    </button>
  );
}
