// All data of the signed-in person as one file.
import { headers } from "next/headers";
import { requireUser } from "@/lib/auth/who";
import { exportAccount } from "@/lib/db/account";
import { httpStatus } from "@/lib/db/result";

export async function GET(): Promise<Response> {
  const user = await requireUser(await headers());
  if (!user.ok) return Response.json(user, { status: httpStatus[user.code] });
  const data = await exportAccount(user.value.id);
  return new Response(`${JSON.stringify(data, null, 2)}\n`, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="pagewalk-data.json"',
      "cache-control": "private, no-store",
    },
  });
}
