// What a form shows after the server has answered: sentences already in the visitor's language, and what they had typed.

export interface FormState {
  /** A sentence above the form. */
  readonly problem: string | null;
  /** A sentence beside each field it concerns. */
  readonly fields: Readonly<Record<string, string>>;
  /** What stays in the fields; never a password. */
  readonly values: Readonly<Record<string, string>>;
  /** What was done, said once. */
  readonly done: string | null;
}

export const emptyForm: FormState = { problem: null, fields: {}, values: {}, done: null };
