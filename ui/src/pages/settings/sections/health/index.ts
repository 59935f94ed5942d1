import { lazy } from 'react';
import { mdiHeartPulse } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiHeartPulse, group: 'system', order: 1, access: 'admin', component: lazy(() => import('./Health')) };
