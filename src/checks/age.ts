/** Whole days from a timestamp of Google's until now. */
export const ageInDays = (timestamp: string, now: Date): number => Math.floor((now.getTime() - Date.parse(timestamp)) / 86_400_000)
