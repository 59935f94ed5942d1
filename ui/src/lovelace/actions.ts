/** What a press on a card does: `tap_action`, `hold_action` as the API's dashboards say it. */

import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { openMoreInfo } from '@/components/MoreInfo';
import { TOGGLES } from '@/components/entity';
import { useCall, useSession } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import type { Target } from '@/data/types';
import { domainOf } from '@/data/words';

export interface Action {
  action: string;
  navigation_path?: string;
  url_path?: string;
  service?: string;
  perform_action?: string;
  data?: Record<string, unknown>;
  service_data?: Record<string, unknown>;
  target?: Target;
  entity?: string;
}

export const asAction = (value: unknown): Action | undefined =>
  value !== null && typeof value === 'object' && typeof (value as Action).action === 'string' ? (value as Action) : undefined;

/** Services that bring about the other state, for domains without `toggle`. */
const PRESS: Record<string, [string, string]> = {
  scene: ['scene', 'turn_on'], script: ['script', 'turn_on'], button: ['button', 'press'], input_button: ['input_button', 'press'],
};
const TOGGLED = new Set(['cover', 'valve', 'vacuum']);

export const canToggle = (entityId: string): boolean => TOGGLES.has(domainOf(entityId)) || domainOf(entityId) in PRESS || TOGGLED.has(domainOf(entityId)) || domainOf(entityId) === 'lock';

const ACTS = new Set(['toggle', 'call-service', 'perform-action']);

/**
 * Turn on what is off and the other way round; press what can only be pressed.
 *
 * `wanted`: what the one who presses sees it become. A light that has not answered yet would be turned the wrong way by the server.
 */
export function useToggle(): (entityId: string, wanted?: boolean) => Promise<boolean> {
  const { entities } = useSession();
  const call = useCall();
  return useCallback(
    (entityId, wanted) => {
      const domain = domainOf(entityId);
      const press = PRESS[domain];
      if (press) return call(press[0], press[1], {}, { entity_id: entityId });
      const state = entities.get(entityId)?.state;
      if (domain === 'lock') return call('lock', state === 'locked' ? 'unlock' : 'lock', {}, { entity_id: entityId });
      if (wanted !== undefined && (state === 'on' || state === 'off')) return call('homeassistant', wanted ? 'turn_on' : 'turn_off', {}, { entity_id: entityId });
      return call('homeassistant', 'toggle', {}, { entity_id: entityId });
    },
    [call, entities],
  );
}

/** Carries out an action; `entityId` is the card's own. An action that is not known opens the entity's dialog. */
export function useAction(): (action: Action | undefined, entityId?: string) => void {
  const [, navigate] = useLocation();
  const toggle = useToggle();
  const call = useCall();
  const mayControl = useMayControl();
  return useCallback(
    (action, entityId) => {
      const id = action?.entity ?? entityId;
      // Who may only look sees what it is in place of switching it.
      if (!mayControl && action && ACTS.has(action.action)) {
        if (id) openMoreInfo(id);
        return;
      }
      switch (action?.action) {
        case 'none':
          return;
        case 'toggle':
          if (id) void toggle(id);
          return;
        case 'navigate':
          if (action.navigation_path) navigate(action.navigation_path);
          return;
        case 'url':
          // Only addresses of the web: a dashboard must not bring a script along.
          if (action.url_path && /^(https?:|\/)/.test(action.url_path)) open(action.url_path, '_blank', 'noopener');
          return;
        case 'call-service':
        case 'perform-action': {
          const [domain, service] = (action.perform_action ?? action.service ?? '').split('.');
          if (domain && service) void call(domain, service, action.data ?? action.service_data ?? {}, action.target ?? {});
          return;
        }
        default:
          if (id) openMoreInfo(id);
      }
    },
    [navigate, toggle, call, mayControl],
  );
}
