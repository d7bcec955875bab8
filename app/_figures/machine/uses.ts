// How each use of a frame looks, and the letter that stands in the picture.
import type { FrameUse } from "@/lib/sim/whole/census";
import type { Look } from "../scene";
import type { WordsOf } from "../words";

type Key = Parameters<WordsOf<"figure-machine">>[0];

interface Use {
  readonly look: Look;
  readonly letter: string;
  readonly name: Key;
  readonly legend: Key;
}

/** In the order of the legend. */
export const uses: Readonly<Record<FrameUse, Use>> = {
  free: { look: "free", letter: "·", name: "useFree", legend: "legendFree" },
  percpu: { look: "chip", letter: "P", name: "usePercpu", legend: "legendPercpu" },
  anon: { look: "anon", letter: "A", name: "useAnon", legend: "legendAnon" },
  file: { look: "file", letter: "F", name: "useFile", legend: "legendFile" },
  swapcache: { look: "dirty", letter: "W", name: "useSwapcache", legend: "legendSwapcache" },
  slab: { look: "slab", letter: "S", name: "useSlab", legend: "legendSlab" },
  kernel: { look: "used", letter: "K", name: "useKernel", legend: "legendKernel" },
  reserved: { look: "reserved", letter: "R", name: "useReserved", legend: "legendReserved" },
};
