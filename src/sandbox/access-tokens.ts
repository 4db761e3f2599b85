const prefix = 'simulated-token.'

/** An access token of the simulator: it says whose it is, and is of use nowhere else. */
export const tokenFor = (email: string): string => `${prefix}${Buffer.from(email).toString('base64url')}`

/** The service account of a simulated token in an Authorization header; anything else is the caller's own. */
export const accountOf = (authorization: string | undefined): string | undefined => {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  return token?.startsWith(prefix) === true ? Buffer.from(token.slice(prefix.length), 'base64url').toString('utf8') : undefined
}
