/** True for the name of a variable that holds a secret, and not only something about one (its file, its lifetime, its address). */
export const isSecretName = (name: string): boolean =>
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY|APIKEY|CREDENTIALS?)(?:_|$|\d)/i.test(name) &&
  !/(?:_(?:FILE|PATH|DIR|URL|URI|ID|NAME|TTL|EXPIRES?|EXPIRY|EXPIRE_\w+|MINUTES|SECONDS|HOURS|DAYS|ALGORITHM|ALG|HEADER|PREFIX|TYPE|LENGTH|SIZE|ISSUER|AUDIENCE|LIMIT|VERSION|HASHER|SCHEME|ROUNDS|POLICY|METHOD)|^(?:PUBLIC|CACHE)_KEY\w*)$/i.test(
    name,
  )

/** How a secret may be shown: its first character and how long it is. */
export const masked = (value: string): string => `${value.slice(0, 1)}… (${value.length} characters)`

/** True for a text that only stands where a value will be: empty, `change-me`, `<…>`, `xxx`. */
export const isPlaceholder = (value: string): boolean =>
  value === '' || /change|replace|example|your|placeholder|dummy|todo|insert|fill|<.*>|^x{3,}$|^\.{3}$|^\*+$/i.test(value)
