import type {Reader} from './files.ts'

/** Files beside which something would stand that is missing; null where there is no such file. */
export type Landmarks = {
  /** What declares the Python dependencies. */
  backend: string | null
  /** angular.json, else the package.json of a frontend. */
  frontend: string | null
  /** A file of the root, for what belongs there. */
  root: string | null
  angular: boolean
  /** Configuration of another web server or hosting for the frontend (Caddyfile, firebase.json). */
  hosting: string | null
}

/** Where the halves of the repository are, by the files that every such half has. */
export const readLandmarks: Reader<Landmarks> = async ({files}) => {
  const paths = [...(await files.list())].sort((one, other) => depth(one) - depth(other))
  const first = (...names: readonly RegExp[]) => names.flatMap((name) => paths.find((path) => name.test(path)) ?? [])[0] ?? null
  return {
    backend: first(/(?:^|\/)requirements[^/]*\.(?:txt|in)$/, /(?:^|\/)pyproject\.toml$/, /(?:^|\/)setup\.py$/, /\.py$/),
    frontend: first(/(?:^|\/)\.?angular\.json$/, /(?:^|\/)package\.json$/),
    root: paths[0] ?? null,
    angular: paths.some((path) => /(?:^|\/)\.?angular\.json$/.test(path)),
    hosting: first(
      /(?:^|\/)Caddyfile[^/]*$/i,
      /(?:^|\/)(?:firebase|vercel|netlify)\.(?:json|toml)$/,
      /(?:^|\/)staticwebapp\.config\.json$/,
    ),
  }
}

const depth = (path: string): number => path.split('/').length
