//! One side of hft_bench.py: the same strategy as hft_python.py, in hftbacktest's own language.
//! Prints one line of JSON. Arguments: FOLDER FIRST DECISIONS ORDER DATA LOTS LOW HIGH TRADES.
use std::{env, fs, time::Instant};

use hftbacktest::{
    backtest::{
        Backtest, DataSource, ExchangeKind, L2AssetBuilder,
        assettype::LinearAsset,
        data::{Data, read_npy_file},
        models::{CommonFees, ConstantLatency, RiskAdverseQueueModel, TradingValueFeeModel},
    },
    prelude::*,
};

const TICK: f64 = 0.1;
const LOT: f64 = 0.001;
const MS: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MS;

type Depth = ROIVectorMarketDepth;

#[derive(Default)]
struct Found {
    seconds: f64,
    cpu: f64,
    maker: i64,
    taker: i64,
    digest: u64,
    trades: usize,
}

/// Seconds of this process on a core.
fn cpu() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn lots(qty: f64) -> i64 {
    (qty / LOT).round() as i64
}

/// What has become of the orders; forgets those that are done.
fn hear(bot: &mut Backtest<Depth>, found: &mut Found) {
    for order in bot.orders(0).values() {
        if order.status == Status::Filled {
            if order.order_id % 3 == 0 {
                found.taker += 1;
            } else {
                found.maker += 1;
            }
        }
    }
    bot.clear_inactive_orders(Some(0));
}

fn play(events: &Data<Event>, args: &[i64], trades: usize) -> Found {
    let [first, decisions, order, data, size, low, high] = args[..7] else {
        panic!("seven numbers")
    };
    let (low, high) = ((low - 1_000) as f64 * TICK, (high + 1_000) as f64 * TICK);
    let asset = L2AssetBuilder::new()
        .data(vec![DataSource::Data(events.clone())])
        .latency_model(ConstantLatency::new(order * MS, data * MS))
        .asset_type(LinearAsset::new(1.0))
        .fee_model(TradingValueFeeModel::new(CommonFees::new(0.0002, 0.0005)))
        .exchange(ExchangeKind::NoPartialFillExchange)
        .queue_model(RiskAdverseQueueModel::new())
        .last_trades_capacity(trades)
        .depth(move || Depth::new(TICK, LOT, low, high))
        .build()
        .unwrap();
    let mut bot = Backtest::builder().add_asset(asset).build().unwrap();
    let mut found = Found::default();
    let mut working = Vec::with_capacity(4);
    let qty = size as f64 * LOT;
    let (begin, cpu_begin) = (Instant::now(), cpu());
    bot.elapse(0).unwrap(); // the clock begins with the first row
    for k in 0..decisions {
        let now = first * MS + MS / 2 + k * SECOND;
        bot.elapse(now - bot.current_timestamp()).unwrap();
        hear(&mut bot, &mut found);
        working.clear();
        working.extend(
            bot.orders(0)
                .values()
                .filter(|order| order.cancellable())
                .map(|order| order.order_id),
        );
        for id in &working {
            bot.cancel(0, *id, false).unwrap();
        }
        let depth = bot.depth(0);
        let (bid, ask) = (depth.best_bid(), depth.best_ask());
        let shown = depth.best_bid_tick()
            + 3 * depth.best_ask_tick()
            + 5 * lots(depth.best_bid_qty())
            + 7 * lots(depth.best_ask_qty());
        found.digest = found.digest.wrapping_mul(1_000_003).wrapping_add(shown as u64);
        let id = (3 * k + 1) as u64;
        let (gtc, gtx) = (TimeInForce::GTC, TimeInForce::GTX);
        bot.submit_buy_order(0, id, bid, qty, gtx, OrdType::Limit, false).unwrap();
        bot.submit_sell_order(0, id + 1, ask, qty, gtx, OrdType::Limit, false).unwrap();
        if k % 2 == 0 {
            bot.submit_buy_order(0, id + 2, ask, qty, gtc, OrdType::Market, false).unwrap();
        } else {
            bot.submit_sell_order(0, id + 2, bid, qty, gtc, OrdType::Market, false).unwrap();
        }
    }
    while bot.elapse(SECOND).unwrap() == ElapseResult::Ok {}
    hear(&mut bot, &mut found);
    found.seconds = begin.elapsed().as_secs_f64();
    found.cpu = cpu() - cpu_begin;
    found.trades = bot.last_trades(0).len();
    found
}

fn main() {
    let args: Vec<String> = env::args().collect();
    let numbers: Vec<i64> = args[2..].iter().map(|text| text.parse().unwrap()).collect();
    let events = read_npy_file::<Event>(&format!("{}/events.npy", args[1])).unwrap();
    // The first run counts the trades that were seen.
    let checked = play(&events, &numbers, numbers[7] as usize);
    let timed = play(&events, &numbers, 0);
    println!(
        "{{\"seconds\": {}, \"cpu\": {}, \"maker\": {}, \"taker\": {}, \"digest\": {}, \"trades\": {}}}",
        timed.seconds, timed.cpu, timed.maker, timed.taker, timed.digest, checked.trades
    );
}
