import {ApiError} from './api.ts'

/** One page of a list: what `pageSize` and `pageToken` (or the names given) cut out, and the token of the next page when there is one. */
export const pageOf = <T>(
  items: T[],
  query: URLSearchParams,
  {size, largest, sizeName = 'pageSize'}: {size: number; largest: number; sizeName?: string},
): {items: T[]; nextPageToken: string | undefined} => {
  const asked = Number(query.get(sizeName) ?? 0)
  if (!Number.isInteger(asked) || asked < 0) throw new ApiError(400, 'INVALID_ARGUMENT', 'invalid', 'Request contains an invalid argument.')
  const count = Math.min(asked === 0 ? size : asked, largest)
  const token = query.get('pageToken')
  const from = token
    ? Number(
        Buffer.from(token, 'base64url')
          .toString('utf8')
          .replace(/^from:/, ''),
      )
    : 0
  if (!Number.isInteger(from) || from < 0) throw new ApiError(400, 'INVALID_ARGUMENT', 'invalid', 'The page token is invalid.')
  const next = from + count
  return {
    items: items.slice(from, next),
    nextPageToken: next < items.length ? Buffer.from(`from:${next}`).toString('base64url') : undefined,
  }
}
