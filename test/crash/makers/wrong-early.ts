// A store that acknowledges before it writes.
import { wrongJournal } from './wrong-journal.ts';

export { maker as default };

const maker = wrongJournal('acknowledges before it writes');
