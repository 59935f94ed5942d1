import { lazy } from 'react';
import { mdiLan } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiLan, group: 'system', order: 4, access: 'admin', component: lazy(() => import('./Network')) };
