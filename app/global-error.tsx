"use client";
// The frame itself failed, so neither words nor language are known: both languages, from their files.
import "./globals.css";
import en from "@/lib/words/en/errors.json";
import zh from "@/lib/words/zh-CN/errors.json";

const languages = [
  ["en", en.failed],
  ["zh-Hans-CN", zh.failed],
] as const;

export default function SiteFailed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Pagewalk</title>
        <main className="page grid max-w-2xl gap-10">
          {languages.map(([lang, words], index) => (
            <section key={lang} lang={lang} className="grid gap-4">
              {index === 0 ? <h1>{words.title}</h1> : <h2>{words.title}</h2>}
              <p>{words.body}</p>
              {error.digest !== undefined && (
                <p>
                  {words.id} <code>{error.digest}</code>
                </p>
              )}
              <p>
                <button type="button" className="button" onClick={reset}>
                  {words.retry}
                </button>
              </p>
            </section>
          ))}
        </main>
      </body>
    </html>
  );
}
