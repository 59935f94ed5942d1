import { describe, expect, it } from 'vitest';
import { arrived, type Newcomer, type ZigbeeEvent } from './newcomers';

const event = (type: string, data: ZigbeeEvent['data']): ZigbeeEvent => ({ base_topic: 'z', type, data: { ieee_address: '0x1', friendly_name: '0x1', ...data } });
const after = (...events: ZigbeeEvent[]) => events.reduce<readonly Newcomer[]>(arrived, []).map((each) => [each.name, each.status]);

describe('devices that join', () => {
  it('come, are asked, and are known', () => {
    expect(after(event('device_joined', {}))).toEqual([['0x1', 'joined']]);
    expect(after(event('device_joined', {}), event('device_interview', { status: 'started' }), event('device_interview', { status: 'successful', friendly_name: 'Lamp' }))).toEqual([['Lamp', 'successful']]);
  });
  it('fail, and leave', () => {
    expect(after(event('device_interview', { status: 'failed' }))).toEqual([['0x1', 'failed']]);
    expect(after(event('device_joined', {}), event('device_leave', {}))).toEqual([['0x1', 'left']]);
  });
  it('are not those that were there before', () => {
    expect(after(event('device_announce', {}), event('device_leave', {}), event('update', {}), event('device_interview', { status: 'odd' }))).toEqual([]);
    expect(after({ base_topic: 'z', type: 'permit_join', data: {} })).toEqual([]);
  });
});
