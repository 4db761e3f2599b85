import {direct, named, type Methods} from './method.ts'

export const storage: Methods = {
  'storage.buckets.insert': direct('storage', 'POST', '/storage/v1/b', 'storage.buckets.create', {
    query: ['project', 'predefinedAcl', 'predefinedDefaultObjectAcl', 'projection', 'enableObjectRetention'],
    creates: named('name'),
  }),
  'storage.buckets.patch': direct('storage', 'PATCH', '/storage/v1/b/{bucket}', 'storage.buckets.update', {
    query: ['ifMetagenerationMatch', 'projection'],
    precondition: 'metageneration',
  }),
}
