/** Makes the passenger list of a ship that never sailed: the same list each time. */
import { writeFileSync } from 'node:fs'
import { foldIn, key, normal, uniform } from 'assay'

const PASSENGERS = 1200
const CLASSES = ['1st', '2nd', '3rd']

/**
 * Writes the list as CSV and returns its path. Families share a ticket. Women, children and the upper classes were more likely to get
 * into a boat, and families mostly went together. One age in five is not known.
 */
export function writePassengers(path = 'passengers.csv'): string {
  const chance = (name: string) => uniform(foldIn(key(1912), name), PASSENGERS)
  const [family, woman, child, gap, fate] = ['family', 'woman', 'child', 'gap', 'fate'].map(chance)
  const noise = normal(foldIn(key(1912), 'noise'), PASSENGERS)
  const rows: string[] = []
  for (let ticket = 0; rows.length < PASSENGERS; ticket++) {
    const level = Math.floor(3 * (fate?.[ticket] ?? 0) ** 0.6)
    const members = (family?.[ticket] ?? 0) < 0.6 ? 1 : 2 + (ticket % 4)
    const fare = [60, 20, 10][level] ?? 0
    const luck = noise[ticket] ?? 0
    for (let member = 0; member < members && rows.length < PASSENGERS; member++) {
      const i = rows.length
      const isWoman = (woman?.[i] ?? 0) < 0.4
      const isChild = members > 1 && member > 1
      const age = isChild ? 1 + 13 * (child?.[i] ?? 0) : 18 + 50 * (child?.[i] ?? 0) ** 1.5
      const odds = -2.2 + (isWoman ? 3.4 : 0) + (isChild ? 2 : 0) + 1.1 * (1 - level) + luck + 0.5 * (noise[i] ?? 0)
      const cells = [
        odds > 0 ? 'yes' : 'no',
        CLASSES[level],
        isWoman ? 'female' : 'male',
        (gap?.[i] ?? 0) < 0.2 ? '' : age.toFixed(0),
        members,
        (fare * (0.8 + 0.4 * (family?.[i] ?? 0))).toFixed(2),
        `T${1000 + ticket}`,
      ]
      rows.push(cells.join(','))
    }
  }
  writeFileSync(path, `survived,class,sex,age,family,fare,ticket\n${rows.join('\n')}\n`)
  return path
}
