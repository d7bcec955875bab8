"use client";
// "Sign in", remembering the page to come back to.
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { withReturn } from "./with-return";

export function SignInLink({
  locale,
  className,
  children,
}: {
  locale: Locale;
  className?: string;
  children: ReactNode;
}) {
  const path = usePathname();
  const query = useSearchParams().toString();
  const here = query === "" ? path : `${path}?${query}`;
  const elsewhere = path !== paths.signIn(locale) && path !== paths.signUp(locale) && path !== paths.home(locale);
  return (
    <Link href={withReturn(paths.signIn(locale), elsewhere ? here : undefined)} prefetch={false} className={className}>
      {children}
    </Link>
  );
}
