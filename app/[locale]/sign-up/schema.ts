// What a person's name may be; asked for at sign-up and on the account page.
import { z } from "zod";

export const nameSchema = z.string().trim().min(1, "auth.errors.nameMissing").max(100, "auth.errors.nameLong");
