// What the learner's function returned, if it is what the contract allows; otherwise what it is instead.
import type { FunctionContract, ReturnType, Value } from "@/lib/slots/slot";
import type { Boot } from "./engine";
import { failureOf, GuestError, readString } from "./guest-error";
import { stopError } from "./guest-outcome";
import type { Instance } from "./instance";
import { isFloat, isString, tags } from "./quickjs";

/** How a value is read: `run` calls a function of the realm on the guest's fuel. */
export interface Reader {
  readonly instance: Instance;
  readonly boot: Boot;
  run(fn: number, values: readonly number[]): number;
}

/** @throws GuestError bad_return */
export function readResult(reader: Reader, { name, returns }: FunctionContract, result: number): Value {
  const { instance, boot } = reader;
  const tag = instance.tagOf(result);
  switch (returns) {
    case "void":
      if (tag === tags.undefined) return null;
      break;
    case "boolean":
      if (tag === tags.bool) return instance.intOf(result) !== 0;
      break;
    case "page?":
      if (tag === tags.int) return instance.intOf(result);
      // The adapter's word for what is no page; anything else is a view that the learner's code has made up.
      throw badReturn(
        name,
        returns,
        isString(tag) ? readString(instance, boot.context, result, 100) : kindOf(reader, result),
      );
    case "number?":
    case "number": {
      if (tag === tags.int) return instance.intOf(result);
      if (returns === "number?" && tag === tags.null) return null;
      const number = isFloat(tag) ? instance.engine.QTS_GetFloat64(boot.context, result) : Number.NaN;
      // + 0: there is no negative zero in a verdict.
      if (Number.isFinite(number)) return number + 0;
      break;
    }
    case "value": {
      const shown = show(reader, result);
      if (!shown.startsWith("!")) return JSON.parse(shown) as Value;
      throw badReturn(name, returns, shown.slice(1));
    }
  }
  throw badReturn(name, returns, kindOf(reader, result));
}

/** The names by which the message chooses its words; punctuation cannot be chosen by. */
const expectedWord: Readonly<Record<ReturnType, string>> = {
  void: "void",
  number: "number",
  "number?": "numberOrNull",
  boolean: "boolean",
  "page?": "page",
  value: "value",
};

function badReturn(name: string, returns: ReturnType, got: string): GuestError {
  const expected = expectedWord[returns];
  return new GuestError("bad_return", failureOf({ key: "guest.badReturn", args: { name, expected, got } }));
}

function kindOf({ instance, boot, run }: Reader, value: number): string {
  const tag = instance.tagOf(value);
  if (tag === tags.null) return "null";
  if (isFloat(tag)) return String(instance.engine.QTS_GetFloat64(boot.context, value));
  return readString(instance, boot.context, run(boot.realm.kind, [value]), 100);
}

/** JSON text made by the realm (realm.ts `show`), which has bounded it. */
function show({ instance, boot, run }: Reader, value: number): string {
  const shown = run(boot.realm.show, [value]);
  const pointer = instance.engine.QTS_GetString(boot.context, shown);
  if (pointer === 0) throw stopError("memory_limit");
  const text = instance.readText(pointer);
  instance.engine.QTS_FreeCString(boot.context, pointer);
  instance.engine.QTS_FreeValuePointer(boot.context, shown);
  return text;
}
