import { lazy } from 'react';
import { mdiWrenchOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiWrenchOutline, group: 'safety', order: 3, access: 'admin', component: lazy(() => import('./Repairs')) };
