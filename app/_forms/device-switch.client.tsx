"use client";
// A preference of this device: a check box that writes a cookie at once, and says so.
import { useId, useState } from "react";
import { useTranslations } from "use-intl/react";
import { announce } from "@/app/_shell/announce.client";
import { rememberInCookie } from "@/app/_shell/cookie.client";

interface DeviceSwitchProps {
  readonly cookie: string;
  readonly initial: boolean;
  readonly label: string;
  readonly hint: string;
}

export function DeviceSwitch({ cookie, initial, label, hint }: DeviceSwitchProps) {
  const t = useTranslations("account.editing");
  const [on, setOn] = useState(initial);
  const [saved, setSaved] = useState(false);
  const id = useId();
  return (
    <div className="grid grid-cols-[auto_1fr] gap-x-3">
      <input
        id={id}
        type="checkbox"
        checked={on}
        aria-describedby={`${id}-hint`}
        className="mt-1 size-4.5 accent-(--accent)"
        onChange={(event) => {
          setOn(event.target.checked);
          rememberInCookie(cookie, event.target.checked ? "on" : "off");
          setSaved(true);
          announce(t("saved"));
        }}
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {hint}
        </p>
        {saved && <p className="text-sm text-good">✓ {t("saved")}</p>}
      </div>
    </div>
  );
}
