import { expect, it } from 'vitest'
import { fileProblem, folderProblem } from '../../../../src/main/policy/windows-access.ts'

const ADMINISTRATORS_ONLY = '(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)'

it.each([
  ['a file of the administrators', `O:BAG:DUD:AI${ADMINISTRATORS_ONLY}`, null],
  ['a file that Users may read', 'O:SYG:SYD:P(A;;FA;;;SY)(A;;FRFX;;;BU)', null],
  ['a denial', `O:BAD:(D;;FW;;;BU)${ADMINISTRATORS_ONLY}`, null],
  ['an entry for files inside only', `O:BAD:(A;OICIIO;GA;;;CO)${ADMINISTRATORS_ONLY}`, null],
  [
    'a file of a user',
    `O:S-1-5-21-1-2-3-1001D:${ADMINISTRATORS_ONLY}`,
    /account S-1-5-21.* owns it/
  ],
  ['a file that Users may write', `O:BAD:(A;;0x1301bf;;;BU)`, /account BU can write it/],
  ['a right to change the list', `O:BAD:(A;;FRWD;;;S-1-5-21-1-2-3-1001)`, /can write it/],
  ['a generic right', 'O:BAD:(A;;GA;;;WD)', /account WD can write it/],
  ['an unknown right', 'O:BAD:(A;;ZZ;;;BU)', /account BU can write it/],
  ['a conditional entry', 'O:BAD:(XA;;FA;;;BU;(1==1))', /account BU can write it/],
  ['no list', 'O:BAD:NO_ACCESS_CONTROL', /every account/],
  ['no text', '', /unknown/]
])('judges %s', (_what, sddl, expected) => {
  const problem = fileProblem(sddl)
  if (expected === null) expect(problem).toBe(null)
  else expect(problem).toMatch(expected)
})

it('allows new files beside the policy, and no deletion', () => {
  // What ProgramData passes on to its folders.
  expect(folderProblem(`O:BAD:AI(A;CIID;DCLCRPCR;;;BU)${ADMINISTRATORS_ONLY}`)).toBe(null)
  expect(folderProblem('O:BAD:(A;;DT;;;BU)')).toMatch(/BU can write it/)
  expect(folderProblem('O:BAD:(A;;SD;;;BU)')).toMatch(/BU can write it/)
})
