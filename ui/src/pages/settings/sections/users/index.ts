import { lazy } from 'react';
import { mdiAccountMultipleOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiAccountMultipleOutline, group: 'people', order: 1, access: 'admin', component: lazy(() => import('./Users')) };
