import type {Condition, SettingRead} from '../repo/application/conditions.ts'

/**
 * What is known of a process: values of variables by their names, and how it is started. `variables`: undefined for one that is given
 * something that only a run tells; one that is not in it has the setting's default.
 */
export type Surroundings = {variables: ReadonlyMap<string, string | undefined>; program?: (file: string) => boolean | undefined}

/** A value that is surely given, and only a run tells which. */
export const someText = '…'

/** Whether a condition holds in a process that runs in a container; undefined where that is only known at run time. */
export const holds = (condition: Condition, around: Surroundings): boolean | undefined => {
  switch (condition.is) {
    case 'always':
      return true
    case 'all': {
      const each = condition.of.map((one) => holds(one, around))
      return each.includes(false) ? false : each.includes(undefined) ? undefined : true
    }
    case 'any': {
      const each = condition.of.map((one) => holds(one, around))
      return each.includes(true) ? true : each.includes(undefined) ? undefined : false
    }
    case 'not': {
      const inner = holds(condition.of, around)
      return inner === undefined ? undefined : !inner
    }
    case 'one of': {
      const value = valueIn(condition.setting, around)
      if (value === undefined) return undefined
      if (value === someText) return condition.values.every((one) => one === null || one === '') ? false : undefined
      const spell = (one: unknown) => (condition.fold ? String(one).toLowerCase() : String(one))
      return condition.values.some((one) => spell(one) === spell(value) || (typeof one === 'boolean' && truth(value) === one))
    }
    case 'given': {
      const value = valueIn(condition.setting, around)
      if (value === someText && typeof condition.setting.default === 'boolean') return undefined
      return value === undefined ? undefined : truth(value)
    }
    case 'terminal':
      return false
    case 'program':
      return around.program?.(condition.file)
    case 'open':
      return undefined
  }
}

/** What a setting is there: what its variable is given, else its default; undefined where neither is known. */
const valueIn = ({variables, ...setting}: SettingRead, around: Surroundings): string | number | boolean | null | undefined => {
  for (const name of variables) if (around.variables.has(name)) return around.variables.get(name)
  return setting.default
}

const truth = (value: string | number | boolean | null): boolean =>
  typeof value === 'string' ? !['', 'false', '0', 'no', 'off', 'none'].includes(value.toLowerCase()) : Boolean(value)

/** Every setting that a condition asks for. */
export const settingsOf = (condition: Condition): SettingRead[] => {
  if (condition.is === 'one of' || condition.is === 'given') return [condition.setting]
  if (condition.is === 'all' || condition.is === 'any') return condition.of.flatMap(settingsOf)
  return condition.is === 'not' ? settingsOf(condition.of) : []
}

/** Places where a condition cannot be followed. */
export const openParts = (condition: Condition): {text: string; file: string; line: number}[] => {
  if (condition.is === 'open') return [condition]
  if (condition.is === 'all' || condition.is === 'any') return condition.of.flatMap(openParts)
  return condition.is === 'not' ? openParts(condition.of) : []
}
