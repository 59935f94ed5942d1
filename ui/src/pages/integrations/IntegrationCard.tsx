import {
  mdiAntenna, mdiCalendarMonthOutline, mdiCartOutline, mdiCast, mdiCellphone, mdiClipboardListOutline, mdiCodeBraces, mdiLightbulbGroupOutline, mdiPowerSocketEu, mdiPuzzleOutline,
  mdiRouterNetwork, mdiSineWave, mdiSpeakerWireless, mdiTestTube, mdiVectorTriangle, mdiWeatherPartlyCloudy, mdiWeatherSunny, mdiZWave, mdiZigbee,
} from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Icon } from '@/components';
import { HealthChip, restartAt } from './HealthChip';
import styles from './Integrations.module.css';
import type { Group } from './model';

const ICONS: Readonly<Record<string, string>> = {
  zigbee2mqtt: mdiZigbee, zwave: mdiZWave, mqtt: mdiRouterNetwork, sun: mdiWeatherSunny, simulator: mdiTestTube, demo: mdiTestTube, esphome: mdiAntenna, tasmota: mdiSineWave,
  local_calendar: mdiCalendarMonthOutline, local_todo: mdiClipboardListOutline, shopping_list: mdiCartOutline, met: mdiWeatherPartlyCloudy, mobile_app: mdiCellphone,
  hue: mdiLightbulbGroupOutline, shelly: mdiPowerSocketEu, matter: mdiVectorTriangle, cast: mdiCast, sonos: mdiSpeakerWireless,
};

export function FamilyIcon({ group, size = 26 }: { group: Pick<Group, 'domain' | 'isProgram'>; size?: number }) {
  return (
    <span className={styles.face}>
      <Icon path={group.isProgram ? mdiCodeBraces : (ICONS[group.domain] ?? mdiPuzzleOutline)} size={size} />
    </span>
  );
}

/** One integration: how it is, what it has brought. */
export function IntegrationCard({ group, at }: { group: Group; at: number }) {
  const { t } = useTranslation('integrations');
  const restarts = group.bridges.reduce((sum, bridge) => sum + bridge.restarts, 0);
  const reason = group.bridges.find((bridge) => bridge.last_error)?.last_error ?? group.entries.find((entry) => entry.reason)?.reason;
  const isWell = group.health === 'running' || group.health === 'idle' || group.health === 'disabled';
  return (
    <li className={`${styles.card} ${group.health === 'idle' ? styles.sleeping : ''}`}>
      <Link href={`/integrations/${encodeURIComponent(group.domain)}`} className={styles.cardLink}>
        <span className={styles.cardHead}>
          <FamilyIcon group={group} />
          <span className={styles.words}>
            <span className={styles.name}>{t(`names.${group.domain}`, { defaultValue: group.name })}</span>
            <span className={styles.quiet}>{group.isProgram ? t('program') : group.entries.length > 1 ? t('count.entries', { count: group.entries.length }) : ''}</span>
          </span>
        </span>
        <span className={styles.chips}>
          <HealthChip health={group.health} until={restartAt(group.bridges, at)} />
          {restarts > 0 && <span className={styles.quiet}>{t('count.restarts', { count: restarts })}</span>}
        </span>
        {reason && !isWell && <span className={styles.reason}>{reason}</span>}
        <span className={styles.quiet}>
          {[group.devices > 0 && t('count.devices', { count: group.devices }), group.entities > 0 && t('count.entities', { count: group.entities })].filter(Boolean).join(' · ')}
        </span>
      </Link>
    </li>
  );
}
