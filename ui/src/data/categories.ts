/** Categories: what people sort automations, scripts, scenes and helpers by. Each scope has its own. */

import { useCallback, useMemo } from 'react';
import { useCommand, useSession } from './hooks';

export type CategoryScope = 'automation' | 'script' | 'scene' | 'helpers';

export interface Category {
  category_id: string;
  name: string;
  icon: string | null;
}

/** The categories of a scope, by name; live. */
export function useCategories(scope: CategoryScope): readonly Category[] {
  const { data } = useCommand<Category[]>('config/category_registry/list', { scope }, ['category_registry_updated']);
  return useMemo(() => (data ?? []).toSorted((a, b) => a.name.localeCompare(b.name)), [data]);
}

export interface CategoryActs {
  /** Put entities into a category; null: into none. */
  assign: (entityIds: readonly string[], category: string | null) => Promise<void>;
  create: (name: string) => Promise<Category>;
  rename: (category: string, name: string) => Promise<void>;
  remove: (category: string) => Promise<void>;
}

/** Each fails with an `ApiError`. */
export function useCategoryActs(scope: CategoryScope): CategoryActs {
  const session = useSession();
  const command = useCallback(<T = unknown>(what: string, data: Record<string, unknown>) => session.command<T>(`config/category_registry/${what}`, { scope, ...data }), [session, scope]);
  return useMemo(
    () => ({
      assign: async (entityIds, category) => {
        for (const entity_id of entityIds) await session.command('config/entity_registry/update', { entity_id, categories: { [scope]: category } });
      },
      create: (name) => command<Category>('create', { name, icon: null }),
      rename: async (category_id, name) => void (await command('update', { category_id, name })),
      remove: async (category_id) => void (await command('delete', { category_id })),
    }),
    [session, scope, command],
  );
}
