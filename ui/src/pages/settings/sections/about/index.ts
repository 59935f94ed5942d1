import { lazy } from 'react';
import { mdiInformationOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiInformationOutline, group: 'system', order: 5, access: 'admin', component: lazy(() => import('./About')) };
