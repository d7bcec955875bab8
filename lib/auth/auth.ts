// Sessions, sign-up and sign-in by e-mail address and password.
import { randomUUID } from "node:crypto";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { nextCookies } from "better-auth/next-js";
import { type Db, db } from "@/lib/db/client";
import { locales } from "@/lib/words/text";
import { clearAttempts, countAttempt } from "./account-limit";
import { passwordLength } from "./password";
import { roles } from "./rights";

export interface AuthSettings {
  readonly secret: string;
  /** The one public address, e.g. `https://mm.example.edu`. Absent: whatever address the request came to. */
  readonly origin: string | undefined;
}

export type Auth = ReturnType<typeof createAuth>;

// Made on first use: `next build` loads this file without a database or a secret. One instance for all module graphs.
const shared = globalThis as { pagewalkAuth?: Auth };

export function auth(): Auth {
  shared.pagewalkAuth ??= createAuth(db(), settingsFromEnvironment());
  return shared.pagewalkAuth;
}

function settingsFromEnvironment(): AuthSettings {
  const secret = process.env.PAGEWALK_AUTH_SECRET;
  if (!secret)
    throw new Error("PAGEWALK_AUTH_SECRET is not set: start with `npm start` or `npm run dev`, which set it.");
  return { secret, origin: process.env.PAGEWALK_ORIGIN };
}

export function createAuth(database: Db, { secret, origin }: AuthSettings) {
  return betterAuth({
    appName: "Pagewalk",
    secret,
    ...(origin ? { baseURL: origin } : {}),
    basePath: "/api/auth",
    database: prismaAdapter(database, { provider: "postgresql" }),
    telemetry: { enabled: false },
    logger: { level: "error" },
    trustedOrigins: (request) => (origin ? [origin] : sameOrigin(request)),
    advanced: {
      // The defaults, but in tests too: better-auth would not look at origins there.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: origin?.startsWith("https:") ?? false,
      database: { generateId: () => randomUUID() },
    },
    emailAndPassword: {
      enabled: true,
      autoSignIn: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    session: { expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600 },
    user: {
      additionalFields: {
        // Never taken from a request: nobody promotes themselves.
        role: { type: [...roles], required: false, defaultValue: "student", input: false },
        language: { type: [...locales], required: false, input: true },
        theme: { type: ["light", "dark", "system"], required: false, defaultValue: "system", input: true },
      },
    },
    // Per address, and a lecture hall often shares one; guessing at one account is stopped by countAttempt.
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 600,
      customRules: {
        "/sign-in/email": { window: 60, max: 60 },
        "/sign-up/email": { window: 60, max: 60 },
        "/change-password": { window: 60, max: 20 },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        if (context.path !== "/sign-in/email" || typeof context.body?.email !== "string") return;
        if (await countAttempt(database, context.body.email, Date.now())) return;
        throw new APIError("TOO_MANY_REQUESTS", {
          code: "TOO_MANY_ATTEMPTS",
          message: "Too many attempts: wait ten minutes.",
        });
      }),
      after: createAuthMiddleware(async (context) => {
        const signedIn = context.path === "/sign-in/email" && context.context.newSession;
        if (signedIn) await clearAttempts(database, signedIn.user.email);
      }),
    },
    plugins: [nextCookies()],
  });
}

/** A browser names in Origin where a page came from; it must be where the request goes to. */
function sameOrigin(request: Request | undefined): string[] {
  const host = request?.headers.get("host");
  return host ? [`http://${host}`, `https://${host}`] : [];
}
