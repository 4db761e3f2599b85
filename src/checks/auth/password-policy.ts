import {notApplicable} from '../../engine/finding.ts'
import {readOwnership} from '../../repo/application/ownership.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, held, missed, unreadable, type Target} from '../targets.ts'

/** ASVS 5.0.0 6.2.1 asks for 8 characters at least; the plan for 12. */
const least = 12
const isLogin = (route: string): boolean => /log-?in|sign-?in|\/token$/i.test(route)

export default defineRepositoryItem({
  observe: async (read) => ({ownership: await read(readOwnership)}),
  evaluate: ({ownership: {models, breached, unread}}) => {
    const setting = models.filter(({routes}) => routes.some((route) => !isLogin(route)))
    if (setting.length === 0 && unread.length === 0) return notApplicable('NO_PASSWORDS_SET')
    const [list] = breached
    const targets = setting.flatMap((model): Target[] => [
      model.minLength !== undefined && model.minLength >= least
        ? held(model, `${model.name}.password of ${least} characters or more`, `min_length=${model.minLength}`)
        : missed(
            model,
            `${model.name}.password of ${least} characters or more`,
            model.minLength === undefined ? 'no min_length' : `min_length=${model.minLength}`,
          ),
      ...(model.email === '' ? [] : [(model.email === 'EmailStr' ? held : missed)(model, `${model.name}.email as EmailStr`, model.email)]),
      list === undefined
        ? missed(model, 'leaked passwords refused', 'no list of them')
        : held(list, 'leaked passwords refused', 'they are looked for'),
    ])
    return concludeTargets([...targets, ...unread.map((one) => unreadable(one, 'Python that can be read'))], {
      pass: 'PASSWORDS_STRONG',
      fail: 'PASSWORDS_WEAK',
      partly: 'PASSWORDS_PARTLY_STRONG',
    })
  },
})
