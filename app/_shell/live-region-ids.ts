// Ids of the two elements through which a page speaks to screen readers.
export const liveRegionId = { polite: "live-polite", assertive: "live-assertive" } as const;
