import {direct, named, type Methods} from './method.ts'

export const orgpolicy: Methods = {
  'orgpolicy.projects.policies.create': direct('orgpolicy', 'POST', '/v2/{+parent}/policies', 'orgpolicy.policies.create', {
    creates: named('name'),
  }),
  'orgpolicy.projects.policies.patch': direct('orgpolicy', 'PATCH', '/v2/{+name}', 'orgpolicy.policies.update', {query: ['updateMask']}),
}
