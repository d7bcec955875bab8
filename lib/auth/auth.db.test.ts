import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureDemoAccounts } from "@/lib/start/demo-accounts";
import { openTestDatabase, type TestDatabase } from "@/lib/start/test-database";
import { accountLimit, clearAttempts, countAttempt } from "./account-limit";
import { type Auth, createAuth } from "./auth";
import { may, rights, roles } from "./rights";

const site = "http://localhost:3000";
const password = "correct horse battery";

let database: TestDatabase;
let auth: Auth;

beforeAll(async () => {
  database = await openTestDatabase();
  auth = createAuth(database.db, { secret: "a secret that is only for this test 8f2k", origin: undefined });
});
afterAll(() => database.close());

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const all = {
    "content-type": "application/json",
    origin: site,
    host: "localhost:3000",
    "x-forwarded-for": "10.0.0.1",
    ...headers,
  };
  return auth.handler(
    new Request(`${site}/api/auth${path}`, { method: "POST", headers: all, body: JSON.stringify(body) }),
  );
}
const signUp = (email: string, more: object = {}) => post("/sign-up/email", { name: "Ada", email, password, ...more });
const signIn = (email: string, secret = password, address = "10.0.0.2") =>
  post("/sign-in/email", { email, password: secret }, { "x-forwarded-for": address });
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

test("whoever signs up is signed in, as a student, with an http-only cookie", async () => {
  const response = await signUp("ada@example.org", { language: "zh-CN" });
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie().join()).toMatch(/HttpOnly/i);
  const session = await auth.api.getSession({ headers: new Headers({ cookie: cookieOf(response) }) });
  expect(session?.user).toMatchObject({
    email: "ada@example.org",
    role: "student",
    language: "zh-CN",
    theme: "system",
  });
});

test("nobody makes themselves an instructor, at sign-up or later", async () => {
  await signUp("eve@example.org", { role: "admin" });
  const cookie = cookieOf(await signUp("eve2@example.org"));
  expect((await post("/update-user", { role: "instructor" }, { cookie })).status).toBe(400);
  const rows = await database.db.user.findMany({ where: { email: { startsWith: "eve" } }, select: { role: true } });
  expect(rows).toEqual([{ role: "student" }, { role: "student" }]);
});

test("a password of nine characters is too short", async () => {
  const response = await signUp("short@example.org", { password: "123456789" });
  expect([response.status, (await response.json()).code]).toEqual([400, "PASSWORD_TOO_SHORT"]);
});

test("the password is not stored, only a hash of it", async () => {
  await signUp("hash@example.org");
  const account = await database.db.account.findFirstOrThrow({ where: { user: { email: "hash@example.org" } } });
  expect(account.password).not.toContain(password);
  expect(account.password?.length).toBeGreaterThan(60);
});

test("a page of another site cannot post here", async () => {
  const cookie = cookieOf(await signUp("victim@example.org"));
  const response = await post("/sign-out", {}, { cookie, origin: "https://evil.example" });
  expect(response.status).toBe(403);
});

test("the site works under whatever name it is reached by", async () => {
  const headers = { "content-type": "application/json", origin: "http://192.168.1.7:3000", host: "192.168.1.7:3000" };
  const body = JSON.stringify({ email: "ada@example.org", password });
  const response = await auth.handler(new Request(`${site}/api/auth/sign-in/email`, { method: "POST", headers, body }));
  expect(response.status).toBe(200);
});

test("guessing at one account from ever new addresses is stopped, even with the right password at last", async () => {
  await signUp("target@example.org");
  const codes: number[] = [];
  for (let n = 0; n < accountLimit.attempts; n++)
    codes.push((await signIn("target@example.org", `wrong guess ${n}`, `10.1.0.${n}`)).status);
  expect(new Set(codes)).toEqual(new Set([401]));
  expect((await signIn("Target@Example.org", password, "10.1.1.1")).status).toBe(429);
  expect((await signIn("ada@example.org", password, "10.1.1.2")).status).toBe(200);
});

test("the count of wrong passwords starts again after a right one, and after ten minutes", async () => {
  const { db } = database;
  const email = "slow@example.org";
  const guess = async (times: number, now: number) => {
    let allowed = true;
    for (let n = 0; n < times; n++) allowed = await countAttempt(db, email, now);
    return allowed;
  };
  expect(await guess(accountLimit.attempts, 1_000)).toBe(true);
  expect(await guess(1, 2_000)).toBe(false);
  expect(await guess(1, 2_000 + accountLimit.windowMs)).toBe(true);
  await guess(20, 3_000 + accountLimit.windowMs);
  await clearAttempts(db, email);
  expect(await guess(1, 4_000 + accountLimit.windowMs)).toBe(true);
});

test("parallel guesses are all counted", async () => {
  const allowed = await Promise.all(
    Array.from({ length: 30 }, () => countAttempt(database.db, "parallel@example.org", 1_000)),
  );
  expect(allowed.filter(Boolean)).toHaveLength(accountLimit.attempts);
});

test("one address cannot try for ever either", async () => {
  const codes = new Set<number>();
  for (let n = 0; n < 70; n++) codes.add((await signIn(`nobody${n}@example.org`, "x", "10.9.9.9")).status);
  expect(codes).toContain(429);
}, 60_000);

test("over https the cookie is for https only", async () => {
  const secure = createAuth(database.db, {
    secret: "a secret that is only for this test 8f2k",
    origin: "https://mm.example.edu",
  });
  const headers = { "content-type": "application/json", origin: "https://mm.example.edu" };
  const body = JSON.stringify({ email: "ada@example.org", password });
  const response = await secure.handler(
    new Request("https://mm.example.edu/api/auth/sign-in/email", { method: "POST", headers, body }),
  );
  expect(response.headers.getSetCookie().join()).toMatch(/; Secure/i);
});

test("who runs the site does not thereby read students' work, and students have no rights over others", () => {
  expect(may("admin", "read student work")).toBe(false);
  expect(may("ta", "read student work")).toBe(true);
  expect(rights.filter((right) => may("student", right))).toEqual([]);
  for (const right of rights) expect(roles.some((role) => may(role, right))).toBe(true);
});

test("demo accounts are made once, with their roles, and never beside other people", async () => {
  const fresh = await openTestDatabase();
  const file = `${process.env.TMPDIR ?? "/tmp"}/pagewalk-demo-${process.pid}-${Date.now()}.txt`;
  const secret = "a secret that is only for this test 8f2k";
  const made = await ensureDemoAccounts(fresh.url, secret, file);
  expect(made?.map((account) => account.role)).toEqual(["student", "instructor", "admin"]);
  expect(await ensureDemoAccounts(fresh.url, secret, file)).toEqual(made);
  const users = await fresh.db.user.findMany({ orderBy: { createdAt: "asc" }, select: { email: true, role: true } });
  expect(users).toEqual(made?.map(({ email, role }) => ({ email, role })));
  const demo = createAuth(fresh.db, { secret, origin: undefined });
  const entered = await demo.api.signInEmail({ body: { email: made![1]!.email, password: made![1]!.password } });
  expect(entered.user.email).toBe("instructor@example.org");
  await fresh.close();
  expect(await ensureDemoAccounts(database.url, secret, `${file}.none`)).toBeNull();
});
