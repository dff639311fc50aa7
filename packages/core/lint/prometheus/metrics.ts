/** The metrics of clocks and their daemons that exporters have, and what they can be. */
import { nearest } from '../../spelling/index.ts';

function family(prefix: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${prefix}_${name}`);
}

/** chrony_exporter (SuperQ, up to 0.14), and chrony.py of node_exporter's textfile scripts. The first that fits is suggested. */
const chronyExporter: readonly string[] = [
  'chrony_up',
  ...family(
    'chrony_tracking',
    'stratum system_time_seconds last_offset_seconds rms_offset_seconds root_delay_seconds root_dispersion_seconds reference_timestamp_seconds remote_reference frequency_ppms residual_frequency_ppms skew_ppms update_interval_seconds info reference_info system_offset_seconds',
  ),
  ...family(
    'chrony_sources',
    'reachability_ratio reachability_success state_info stratum last_sample_age_seconds last_sample_offset_seconds last_sample_error_margin_seconds polling_interval_seconds peer_offset_seconds peer_delay_seconds peer_dispersion_seconds peer_response_time_seconds peer_jitter_asymmetry_seconds',
  ),
  ...family(
    'chrony_sourcestats',
    'samples runs span_seconds stddev frequency_ppms frequency_skew_ppms offset',
  ),
  ...family(
    'chrony_serverstats',
    'ntp_packets_received_total nts_ke_connections_accepted_total command_packets_received_total ntp_packets_dropped_total nts_ke_connections_dropped_total command_packets_dropped_total client_log_records_dropped_total authenticated_ntp_packets_total interleaved_ntp_packets_total ntp_timestamps_held ntp_timestamp_span_seconds ntp_daemon_rx_timestamps_total ntp_daemon_tx_timestamps_total ntp_kernel_rx_timestamps_total ntp_kernel_tx_timestamps_total ntp_hw_rx_timestamps_total ntp_hw_tx_timestamps_total',
  ),
  ...family('chrony_clients', 'connected'),
  ...family('chrony_clients_last_ntp_hit_ago_seconds', 'bucket sum count'),
  ...family('chrony_clients_ntp_interval_seconds', 'bucket sum count'),
  ...family('chrony_clients_ntp_drops', 'bucket sum count'),
  'chrony_exporter_build_info',
];

/** Telegraf's input `chrony`, as its Prometheus output names the fields. */
const telegraf: readonly string[] = [
  ...family(
    'chrony',
    'system_time last_offset rms_offset frequency residual_freq skew root_delay root_dispersion update_interval',
  ),
  ...family('chrony_activity', 'online offline burst_online burst_offline unresolved'),
  ...family(
    'chrony_sources',
    'index poll flags reachability sample latest_measurement latest_measurement_error',
  ),
  ...family('chrony_sourcestats', 'index residual_frequency skew offset_error'),
  ...family(
    'chrony_serverstats',
    'ntp_hits ntp_drops ntp_auth_hits ntp_interleaved_hits ntp_timestamps ntp_span_seconds cmd_hits cmd_drops log_drops nke_hits nke_drops ntp_daemon_rx_timestamps ntp_daemon_tx_timestamps ntp_kernel_rx_timestamps ntp_kernel_tx_timestamps ntp_hardware_rx_timestamps ntp_hardware_tx_timestamps',
  ),
];

/** node_exporter from 0.16 on. */
const nodeExporter: readonly string[] = [
  'node_time_seconds',
  ...family(
    'node_timex',
    'sync_status offset_seconds maxerror_seconds estimated_error_seconds frequency_adjustment_ratio status loop_time_constant tick_seconds pps_frequency_hertz pps_jitter_seconds pps_shift_seconds pps_stability_hertz pps_jitter_total pps_calibration_total pps_error_total pps_stability_exceeded_total tai_offset_seconds offset_overflow_total',
  ),
];

const known: ReadonlySet<string> = new Set([...chronyExporter, ...telegraf, ...nodeExporter]);

/** True for names that only the exporters above could have, and that none of them has. */
export function isInvented(name: string): boolean {
  // Colons are for the results of recording rules.
  return /^(chrony_|node_timex_|node_time$)/.test(name) && !name.includes(':') && !known.has(name);
}

/** What is most likely meant by a name that nobody has; null: nothing comes near. */
export function meantBy(name: string): string | null {
  if (/^chrony_.*sync/.test(name)) return 'chrony_tracking_stratum';
  const words = name.split('_');
  const candidates = name.startsWith('chrony_') ? chronyExporter : nodeExporter;
  const longer = candidates.find((candidate) => {
    const parts = candidate.split('_');
    return words.every((word) => parts.includes(word));
  });
  return longer ?? nearest(name, candidates);
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * What the kernel lets a value be: the offset is clamped (MAXPHASE), maxerror stops where the clock counts as
 * unsynchronised (NTP_PHASE_LIMIT), the frequency at ±500 ppm (MAXFREQ).
 */
export const kernelBounds: Readonly<Record<string, Bounds>> = {
  node_timex_offset_seconds: { low: -0.5, high: 0.5 },
  node_timex_maxerror_seconds: { low: 0, high: 16 },
  node_timex_frequency_adjustment_ratio: { low: 0.9995, high: 1.0005 },
  node_timex_sync_status: { low: 0, high: 1 },
};
