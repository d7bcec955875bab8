"use client";
// The list of keyboard shortcuts.
import { Fragment } from "react";
import { useTranslations } from "use-intl/react";
import { Dialog } from "./dialog.client";
import { type Shortcut, shortcutGroups } from "./shortcuts";

export function ShortcutList({ singleKeys, onClose }: { singleKeys: boolean; onClose: () => void }) {
  const t = useTranslations("shell.shortcuts");
  const shell = useTranslations("shell");
  return (
    <Dialog title={t("title")} closeLabel={shell("close")} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label={t("title")} tabIndex={0} className="overflow-y-auto px-5 py-4">
        {!singleKeys && <p className="mb-4 text-ink-soft">{t("singleKeysOff")}</p>}
        <Group title={t("everywhere.title")} shortcuts={shortcutGroups.everywhere} name={(a) => t(`everywhere.${a}`)} />
        <Group title={t("workspace.title")} shortcuts={shortcutGroups.workspace} name={(a) => t(`workspace.${a}`)} />
        <Group title={t("scrubber.title")} shortcuts={shortcutGroups.scrubber} name={(a) => t(`scrubber.${a}`)} />
        <Group title={t("figure.title")} shortcuts={shortcutGroups.figure} name={(a) => t(`figure.${a}`)} />
      </section>
    </Dialog>
  );
}

interface GroupProps<A extends string> {
  readonly title: string;
  readonly shortcuts: readonly (Shortcut & { readonly action: A })[];
  readonly name: (action: A) => string;
}

function Group<A extends string>({ title, shortcuts, name }: GroupProps<A>) {
  const t = useTranslations("shell.shortcuts");
  return (
    <table className="mb-6 w-full text-[0.9375rem] last:mb-0">
      <caption className="mb-1 text-left font-semibold">{title}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t("action")}</th>
          <th scope="col">{t("keys")}</th>
        </tr>
      </thead>
      <tbody>
        {shortcuts.map((shortcut) => (
          <tr key={shortcut.action} className="border-t border-edge-soft">
            <td className="py-1.5 pr-4">{name(shortcut.action)}</td>
            <td className="py-1.5 text-right whitespace-nowrap">
              {shortcut.keys.map((together, step) => (
                <Fragment key={step}>
                  {step > 0 && <span className="mx-1.5 text-sm text-ink-soft">{t("then")}</span>}
                  {together.map((key, index) => (
                    <Fragment key={key}>
                      {index > 0 && <span className="mx-0.5 text-ink-soft">+</span>}
                      <kbd className="key">{key}</kbd>
                    </Fragment>
                  ))}
                </Fragment>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
