import {object} from '../json.ts'
import type {Act} from './act.ts'

/** What no call of the API does: deleting a channel takes it out of the policies too. */
const loseChannels: Act = {
  name: 'lose-channels',
  does: 'Takes the notification channels of an e-mail address away, and leaves their names in the alert policies.',
  needs: ['projectId', 'notificationEmail'],
  perform: ({projectId = '', notificationEmail = ''}, world) => {
    const channels = world.table('monitoring.notificationChannels')
    const lost = channels
      .entries()
      .filter(([name, row]) => name.startsWith(`projects/${projectId}/`) && object(row.labels).email_address === notificationEmail)
    for (const [name] of lost) channels.delete(name)
    return `${lost.length} channel(s) of ${notificationEmail} are gone.`
  },
}

export default loseChannels
