import type {Reader} from '../files.ts'

/** A Terraform variable that gets its value from outside the Terraform files. */
export type GivenVariable = {name: string; file: string; line: number}

/** What workflows, builds and scripts give to Terraform. */
export type Given = {
  /** `-var` and `TF_VAR_`. */
  variables: GivenVariable[]
  /** `-backend-config`: the setting (`prefix`, `bucket`), or null where a file is named. */
  backend: {name: string | null; file: string; line: number}[]
  /** `terraform workspace select`. */
  workspaces: {file: string; line: number}[]
}

const places =
  /(^|\/)(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci\/[^/]+\.ya?ml|azure-pipelines\.ya?ml|cloudbuild[^/]*\.(ya?ml|json)|[^/]+\.sh|GNUmakefile|Makefile|[^/]+\.mk|[Jj]ustfile|Taskfile\.ya?ml|Jenkinsfile|atlantis\.yaml)$/

const variable = /-var(?:=|["']?\s+["']?|["'],\s*["'])["']?([A-Za-z_][\w-]{0,80})=|\bTF_VAR_(\w{1,80})/g
const backendConfig = /-backend-config(?:=|["']?\s+|["'],\s*["'])["']?(?:([A-Za-z_]\w{0,40})=)?/g

/** https://developer.hashicorp.com/terraform/language/values/variables#assigning-values-to-root-module-variables */
export const readGiven: Reader<Given> = async ({files}) => {
  const given: Given = {variables: [], backend: [], workspaces: []}
  for (const path of (await files.list()).filter((one) => places.test(one))) {
    const read = await files.text(path)
    if (read === undefined || 'unread' in read || read.text.length > 1_000_000) continue
    for (const [index, line] of read.text.split('\n').entries()) {
      if (/^\s*(#|\/\/)/.test(line) || line.length > 2000) continue
      const place = {file: path, line: index + 1}
      for (const [, byFlag, byName] of line.matchAll(variable)) {
        const name = byFlag ?? byName
        if (name !== undefined) given.variables.push({name, ...place})
      }
      for (const [, name] of line.matchAll(backendConfig)) given.backend.push({name: name ?? null, ...place})
      if (/\bworkspace\s+(select|new)\b|\bTF_WORKSPACE\b/.test(line)) given.workspaces.push(place)
    }
  }
  return given
}
