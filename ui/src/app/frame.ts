/** The frame around every page, in a file of its own. */

import { late } from './late';

export const Shell = late(() => import('./Shell'));
