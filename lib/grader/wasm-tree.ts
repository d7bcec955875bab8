// The children of every WebAssembly expression kind that a metered engine may contain, with a way to replace each.
// Theory: a metering pass that overlooks a child lets code run for nothing. So every kind is spelled out here, and a kind that
//         is not is refused by name: a new engine build that needs one stops the build instead of escaping the meter.
import binaryen from "binaryen";

export type Expression = number;

export interface Child {
  readonly expression: Expression;
  replace(by: Expression): void;
}

type Setter = (parent: Expression, child: Expression) => void;
type IndexedSetter = (parent: Expression, index: number, child: Expression) => void;

/** binaryen's expression classes; its type file leaves them out. */
interface Setters {
  Function: { setBody(fn: number, body: Expression): void };
  Block: { setChildAt: IndexedSetter };
  If: { setCondition: Setter; setIfTrue: Setter; setIfFalse: Setter };
  Loop: { setBody: Setter };
  Break: { setCondition: Setter; setValue: Setter };
  Switch: { setCondition: Setter; setValue: Setter };
  Call: { setOperandAt: IndexedSetter };
  CallIndirect: { setOperandAt: IndexedSetter; setTarget: Setter };
  LocalSet: { setValue: Setter };
  GlobalSet: { setValue: Setter };
  Load: { setPtr: Setter };
  Store: { setPtr: Setter; setValue: Setter };
  Unary: { setValue: Setter };
  Binary: { setLeft: Setter; setRight: Setter };
  Select: { setIfTrue: Setter; setIfFalse: Setter; setCondition: Setter };
  Drop: { setValue: Setter };
  Return: { setValue: Setter };
  MemoryGrow: { setDelta: Setter };
  MemoryCopy: { setDest: Setter; setSource: Setter; setSize: Setter };
  MemoryFill: { setDest: Setter; setValue: Setter; setSize: Setter };
}
const classes = binaryen as unknown as Setters;

export function setFunctionBody(fn: number, body: Expression): void {
  classes.Function.setBody(fn, body);
}

function info<T extends binaryen.ExpressionInfo>(expression: Expression): T {
  return binaryen.getExpressionInfo(expression) as T;
}

/** @throws Error naming the kind, if it is not one of those the engine is known to use. */
export function childrenOf(parent: Expression): Child[] {
  const children: Child[] = [];
  const add = (expression: Expression, set: Setter) => {
    if (expression !== 0) children.push({ expression, replace: (by) => set(parent, by) });
  };
  const addAll = (expressions: readonly Expression[], set: IndexedSetter) =>
    expressions.forEach((expression, i) => {
      children.push({ expression, replace: (by) => set(parent, i, by) });
    });
  const id = binaryen.getExpressionId(parent);
  switch (id) {
    case binaryen.NopId:
    case binaryen.UnreachableId:
    case binaryen.ConstId:
    case binaryen.LocalGetId:
    case binaryen.GlobalGetId:
    case binaryen.MemorySizeId:
      break;
    case binaryen.BlockId:
      addAll(info<binaryen.BlockInfo>(parent).children, classes.Block.setChildAt);
      break;
    case binaryen.IfId: {
      const { condition, ifTrue, ifFalse } = info<binaryen.IfInfo>(parent);
      add(condition, classes.If.setCondition);
      add(ifTrue, classes.If.setIfTrue);
      add(ifFalse, classes.If.setIfFalse);
      break;
    }
    case binaryen.LoopId:
      add(info<binaryen.LoopInfo>(parent).body, classes.Loop.setBody);
      break;
    case binaryen.BreakId: {
      const { value, condition } = info<binaryen.BreakInfo>(parent);
      add(value, classes.Break.setValue);
      add(condition, classes.Break.setCondition);
      break;
    }
    case binaryen.SwitchId: {
      const { value, condition } = info<binaryen.SwitchInfo>(parent);
      add(value, classes.Switch.setValue);
      add(condition, classes.Switch.setCondition);
      break;
    }
    case binaryen.CallId:
      refuseTailCall(info<binaryen.CallInfo>(parent).isReturn);
      addAll(info<binaryen.CallInfo>(parent).operands, classes.Call.setOperandAt);
      break;
    case binaryen.CallIndirectId: {
      const { isReturn, operands, target } = info<binaryen.CallIndirectInfo>(parent);
      refuseTailCall(isReturn);
      addAll(operands, classes.CallIndirect.setOperandAt);
      add(target, classes.CallIndirect.setTarget);
      break;
    }
    case binaryen.LocalSetId:
      add(info<binaryen.LocalSetInfo>(parent).value, classes.LocalSet.setValue);
      break;
    case binaryen.GlobalSetId:
      add(info<binaryen.GlobalSetInfo>(parent).value, classes.GlobalSet.setValue);
      break;
    case binaryen.LoadId:
      add(info<binaryen.LoadInfo>(parent).ptr, classes.Load.setPtr);
      break;
    case binaryen.StoreId: {
      const { ptr, value } = info<binaryen.StoreInfo>(parent);
      add(ptr, classes.Store.setPtr);
      add(value, classes.Store.setValue);
      break;
    }
    case binaryen.UnaryId:
      add(info<binaryen.UnaryInfo>(parent).value, classes.Unary.setValue);
      break;
    case binaryen.BinaryId: {
      const { left, right } = info<binaryen.BinaryInfo>(parent);
      add(left, classes.Binary.setLeft);
      add(right, classes.Binary.setRight);
      break;
    }
    case binaryen.SelectId: {
      const { ifTrue, ifFalse, condition } = info<binaryen.SelectInfo>(parent);
      add(ifTrue, classes.Select.setIfTrue);
      add(ifFalse, classes.Select.setIfFalse);
      add(condition, classes.Select.setCondition);
      break;
    }
    case binaryen.DropId:
      add(info<binaryen.DropInfo>(parent).value, classes.Drop.setValue);
      break;
    case binaryen.ReturnId:
      add(info<binaryen.ReturnInfo>(parent).value, classes.Return.setValue);
      break;
    case binaryen.MemoryGrowId:
      add(info<binaryen.MemoryGrowInfo>(parent).delta, classes.MemoryGrow.setDelta);
      break;
    case binaryen.MemoryCopyId: {
      const { dest, source, size } = info<binaryen.MemoryCopyInfo>(parent);
      add(dest, classes.MemoryCopy.setDest);
      add(source, classes.MemoryCopy.setSource);
      add(size, classes.MemoryCopy.setSize);
      break;
    }
    case binaryen.MemoryFillId: {
      const { dest, value, size } = info<binaryen.MemoryFillInfo>(parent);
      add(dest, classes.MemoryFill.setDest);
      add(value, classes.MemoryFill.setValue);
      add(size, classes.MemoryFill.setSize);
      break;
    }
    default:
      throw new Error(
        `the engine contains ${kindName(id)}, which the metering pass does not know: add it to childrenOf`,
      );
  }
  return children;
}

function refuseTailCall(isReturn: boolean): void {
  if (isReturn)
    throw new Error("the engine contains a tail call, which would leave a function without its call depth counted");
}

/** `SIMDShuffle` for its number, so that the message says what to look up. */
function kindName(id: number): string {
  const entry = Object.entries(binaryen).find(([name, value]) => name.endsWith("Id") && value === id);
  return entry === undefined ? `expression kind ${id}` : entry[0].slice(0, -2);
}
