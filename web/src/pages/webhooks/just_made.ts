// The secrets of the webhooks that were made in this tab, by id; a reload forgets them, and then they are revealed where that
// is recorded.
export const justMade = new Map<string, string>();
