import {z} from 'zod'
import type {Cloud} from './cloud.ts'
import {get, memoised, type Reads} from './reads.ts'
import {flag, list} from './replies.ts'

const values = z.object({allowedValues: list(z.string()), deniedValues: list(z.string())})
const effective = z.object({
  spec: z
    .object({rules: list(z.object({enforce: flag, denyAll: flag, values: values.nullish(), condition: z.unknown().optional()}))})
    .nullish(),
})

/** Reads of Organization Policy v2. Rules with a condition (tags) are left out: they say nothing of the project as a whole. */
export const orgPolicy = ({transport, projectId}: Reads): Cloud['orgPolicy'] => ({
  effective: memoised(async (constraint: string) => {
    const path = `/v2/projects/${projectId}/policies/${constraint}:getEffectivePolicy`
    const reply = await get(
      transport,
      {method: 'orgpolicy.projects.policies.getEffectivePolicy', path, permission: 'orgpolicy.policy.get'},
      effective,
    )
    const rules = (reply.spec?.rules ?? []).filter((rule) => rule.condition === undefined || rule.condition === null)
    return {
      enforced: rules.some((rule) => rule.enforce),
      allowedValues: rules.flatMap((rule) => rule.values?.allowedValues ?? []),
      deniedAll: rules.some((rule) => rule.denyAll),
    }
  }),
})
