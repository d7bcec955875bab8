import { liveRegionId } from "./live-region-ids";

/** Where announce() speaks. Rendered once, by the layout, so that it exists before anything is said. */
export function LiveRegion() {
  return (
    <>
      <p id={liveRegionId.polite} role="status" className="visually-hidden" />
      <p id={liveRegionId.assertive} role="alert" className="visually-hidden" />
    </>
  );
}
