import { lazy } from 'react';
import { mdiMicrophoneOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiMicrophoneOutline, group: 'people', order: 2, access: 'admin', component: lazy(() => import('./Voice')) };
