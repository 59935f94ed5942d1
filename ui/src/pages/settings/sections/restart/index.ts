import { lazy } from 'react';
import { mdiRestart } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiRestart, group: 'system', order: 3, access: 'admin', component: lazy(() => import('./Restart')) };
