// Three people to try the platform as, on an embedded database that nobody else uses yet.
import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createAuth } from "@/lib/auth/auth";
import { openDb } from "@/lib/db/client";

export interface DemoAccount {
  readonly role: "student" | "instructor" | "admin";
  readonly email: string;
  readonly password: string;
}

const names: Readonly<Record<DemoAccount["role"], string>> = {
  student: "Demo Student",
  instructor: "Demo Instructor",
  admin: "Demo Admin",
};

/**
 * The demo accounts of this checkout, or null if its database has other people or no demo. The passwords are random and stand
 * in `file`, readable by its owner only. Killed half-way, it goes on next time.
 */
export async function ensureDemoAccounts(url: string, secret: string, file: string): Promise<DemoAccount[] | null> {
  const db = openDb(url);
  try {
    const kept = await readAccounts(file);
    const accounts = kept ?? newAccounts();
    const emails = accounts.map((account) => account.email);
    const others = await db.user.count({ where: { email: { notIn: emails } } });
    const known = await db.user.findMany({ where: { email: { in: emails } }, select: { email: true } });
    if (known.length === accounts.length) return kept;
    if (others > 0) return null;
    // The passwords first: an account whose password nobody knows would be of no use.
    if (!kept) await writeAccounts(file, accounts);
    const { api } = createAuth(db, { secret, origin: undefined });
    for (const { role, email, password } of accounts) {
      if (known.some((user) => user.email === email)) continue;
      await api.signUpEmail({ body: { name: names[role], email, password } });
      await db.user.update({ where: { email }, data: { role, emailVerified: true }, select: { id: true } });
    }
    return accounts;
  } finally {
    await db.$disconnect();
  }
}

function newAccounts(): DemoAccount[] {
  return (["student", "instructor", "admin"] as const).map((role) => ({
    role,
    email: `${role}@example.org`,
    password: randomPassword(),
  }));
}

/** 14 characters that are not mistaken for each other when read off a screen: about 70 bits. */
function randomPassword(): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return Array.from({ length: 14 }, () => letters[randomInt(letters.length)]).join("");
}

async function writeAccounts(file: string, accounts: readonly DemoAccount[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const lines = accounts.map(({ role, email, password }) => `${role} ${email} ${password}\n`);
  await writeFile(file, lines.join(""), { mode: 0o600 });
}

async function readAccounts(file: string): Promise<DemoAccount[] | null> {
  const content = await readFile(file, "utf8").catch(() => "");
  const lines = content.split("\n").filter((line) => line !== "");
  const accounts = lines.map((line) => {
    const [role, email, password] = line.split(" ");
    return { role, email, password } as DemoAccount;
  });
  return accounts.length === 3 ? accounts : null;
}
