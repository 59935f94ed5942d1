/** The list of scenes, and the editor (`/scenes/edit/<id>`, `new`): by the address. */

import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { SkeletonPage } from '@/components';
import SceneList from './SceneList';

const SceneEditor = lazy(() => import('./SceneEditor'));

export default function ScenesPage() {
  useTranslation('automations'); // its parts are used here
  const { id } = useParams<{ id?: string }>();
  return <Suspense fallback={<SkeletonPage />}>{id ? <SceneEditor key={id} id={decodeURIComponent(id)} /> : <SceneList />}</Suspense>;
}
