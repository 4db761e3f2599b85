import type {Act} from './act.ts'

/** Bucket names are one list for the whole world. */
const takeBucketName: Act = {
  name: 'take-bucket-name',
  does: 'Let somebody else in the world make the bucket first.',
  needs: ['stateBucket'],
  perform: ({stateBucket = ''}, world) => {
    world.table('storage.foreign').set(stateBucket, {name: stateBucket})
    return `Bucket ${stateBucket} is somebody else's.`
  },
}

export default takeBucketName
