// What a request for pages went through: one event for every zone it asked and every step of the slow path.
import type { ZoneName } from "../kernel";

/** Which marks a pass over the zonelist asks for: `nomark` none at all. */
export type Pass = "low" | "min" | "nomark" | "high";

/**
 * `order`: 11 and above. `no-zone`: no zone of the list has pages. `last-pages`: not even without marks. `cannot-wait`, `no-retry`: the
 * caller's wish. `injected`: made to fail by the experiment.
 */
export type AllocFailure = "order" | "no-zone" | "last-pages" | "cannot-wait" | "no-retry" | "injected";

export type ZoneEvent =
  /** A zone was asked. `mark`: after relaxations; `reserve`: what it keeps from this class zone. ok: free pages are above both. */
  | {
      readonly kind: "zone-try";
      readonly pass: Pass;
      readonly zone: ZoneName;
      readonly order: number;
      readonly free: number;
      readonly mark: number;
      readonly reserve: number;
      readonly ok: boolean;
    }
  /** The zone may give pages but has no block that large. */
  | { readonly kind: "zone-empty"; readonly zone: ZoneName; readonly order: number }
  /** kswapd was told that this zone is low. `slept`: it was woken by this. */
  | { readonly kind: "kswapd-wake"; readonly zone: ZoneName; readonly order: number; readonly slept: boolean }
  /** The request frees pages itself; PF_MEMALLOC is set meanwhile. */
  | { readonly kind: "direct-reclaim"; readonly order: number }
  | { readonly kind: "direct-reclaim-done"; readonly freed: number }
  /** No progress: the OOM killer is called, then everything starts again. */
  | { readonly kind: "call-oom"; readonly order: number }
  /** The request sleeps up to 20 ms, then reclaims again. */
  /** min_free_kbytes was written: the marks of all zones are new. */
  | { readonly kind: "marks-set"; readonly minFreeKbytes: number }
  /** lowmem_reserve_ratio was written: the reserves of all zones are new. */
  | { readonly kind: "reserves-set"; readonly dma: number; readonly normal: number }
  | { readonly kind: "alloc-retry"; readonly order: number; readonly round: number }
  | {
      readonly kind: "alloc-fail";
      readonly order: number;
      readonly gfp: number;
      readonly why: AllocFailure;
      readonly warned: boolean;
    };
