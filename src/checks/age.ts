/** Whole days from a timestamp of Google's until now. */
export const ageInDays = (timestamp: string, now: Date): number => Math.floor((now.getTime() - Date.parse(timestamp)) / 86_400_000)

/**
 * Made within the last hour: by this set-up or beside it. What Google gave it by itself can be taken away before anybody relies on it.
 * An unknown age is not new.
 */
export const isNew = (createTime: string | undefined, now: Date): boolean =>
  createTime !== undefined && now.getTime() - Date.parse(createTime) < 3_600_000
