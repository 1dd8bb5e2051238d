package simulate

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// comment is what p writes: those at the ends of the scale write more often.
func (g *Generator) comment(p person, locale string) string {
	chance, pool := 0.035, neutralComments
	switch {
	case p.theta < -0.9:
		chance, pool = 0.22, badComments
	case p.theta > 0.9:
		chance, pool = 0.08, goodComments
	}
	if locale == "en" {
		pool = englishComments
	}
	if p.straight != "" || g.rnd.Float64() > chance {
		return ""
	}
	// One number for all the words, so that how people talk changes nothing of what
	// they answer.
	w := writer{rand.New(rand.NewPCG(g.rnd.Uint64(), 0xc0_44e7))} //nolint:gosec // made-up people, not secrets
	text := w.say(pool)
	if locale == "en" {
		return text
	}
	if p.theta < -0.9 {
		text = w.complain(text)
	}
	if w.rnd.Float64() < 0.08 {
		text = strings.ToLower(toneless.Replace(text))
	}
	return text
}

// writer puts the words of one comment together.
type writer struct{ rnd *rand.Rand }

// say picks a sentence and fills its holes: "{a|b|c}" is one of three.
func (w writer) say(pool []string) string {
	text := pool[w.rnd.IntN(len(pool))]
	for {
		before, rest, open := strings.Cut(text, "{")
		choice, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			return text
		}
		words := strings.Split(choice, "|")
		text = before + words[w.rnd.IntN(len(words))] + after
	}
}

// complain adds what some dissatisfied people add: a second matter, a way to
// call them, a word they should not have used.
func (w writer) complain(text string) string {
	x := w.rnd.Float64()
	switch {
	case x < 0.3:
		text += " " + w.say(badComments)
	case x < 0.35:
		text += " Gọi lại cho tôi số " + w.phone() + "."
	case x < 0.36:
		text += " Mã hồ sơ 000.00.00.H49-26" + strconv.Itoa(1001+w.rnd.IntN(200)) + "-" + strconv.Itoa(1000+w.rnd.IntN(9000)) + "."
	case x < 0.37:
		text += " Thư của tôi: nguoidan" + strconv.Itoa(w.rnd.IntN(900)) + "@example.com."
	case x < 0.42:
		text += w.say([]string{" Làm ăn như đồ điên.", " Đúng là đồ ngu.", " Mất dạy hết chỗ nói."})
	}
	return text
}

// phone is a number that nobody has: 0900 00x xxx was never given out.
func (w writer) phone() string {
	last := strconv.Itoa(1000 + w.rnd.IntN(9000))
	return w.say([]string{"{090000" + last + "|0900 00" + last[:1] + " " + last[1:] + "|0900.00" + last[:1] + "." + last[1:] + "|+84 900 00" + last[:1] + " " + last[1:] + "}"})
}

// toneless is how those write who have no Vietnamese keyboard. The letters are
// those of the sentences below.
var toneless = func() *strings.Replacer {
	var pairs []string
	for plain, marked := range map[string]string{
		"a": "àáảãạăằắẳẵặâầấẩẫậ", "e": "èéẻẽẹêềếểễệ", "i": "ìíỉĩị", "o": "òóỏõọôồốổỗộơờớởỡợ", "u": "ùúủũụưừứửữự", "y": "ỳýỷỹỵ", "d": "đ",
		"A": "ÀÁẢÃẠĂÂẤ", "E": "ÊẾ", "O": "ÔƠ", "U": "ƯỦ", "D": "Đ",
	} {
		for _, r := range marked {
			pairs = append(pairs, string(r), plain)
		}
	}
	return strings.NewReplacer(pairs...)
}()

// Comments made up for the demo. None of them was written by a citizen.
var (
	goodComments = []string{
		"Cán bộ {quầy số 3|quầy hộ tịch|một cửa|trẻ} hướng dẫn {rất tận tình|rất kỹ|tận tình}, nói dễ hiểu.",
		"Giải quyết nhanh, {đúng hẹn|đúng hẹn từng ngày}. Cảm ơn các anh chị.",
		"Nộp hồ sơ qua mạng {tiện lợi|rất tiện}, không phải đi lại nhiều lần.",
		"Phòng chờ sạch sẽ, mát, có chỗ ngồi cho {người già|người cao tuổi}.",
		"Nhân viên {vui vẻ, lịch sự|niềm nở|nhiệt tình}, chào hỏi từ lúc vào cửa.",
		"Nhận kết quả sớm hơn giấy hẹn {một ngày|hai ngày}.",
		"Có người hỗ trợ điền tờ khai nên tôi làm xong ngay trong {buổi sáng|buổi chiều|ba mươi phút}.",
		"Từ ngày sáp nhập phường, tôi thấy làm giấy tờ nhanh hơn trước.",
		"{Tôi lớn tuổi|Bố tôi già} vẫn làm được trên máy nhờ {cô ở quầy|cán bộ trẻ|người hướng dẫn}.",
		"Thủ tục {gọn|rõ ràng|đơn giản}, {chờ chưa đến 15 phút|không phải chờ|vào là làm ngay}.",
	}
	badComments = []string{
		"{Chờ lâu|Phải chờ lâu|Ngồi chờ lâu} {gần hai tiếng|cả buổi sáng|từ 7:30 đến trưa|hơn một giờ}, {chỉ có một quầy làm việc|số thứ tự không nhảy|không ai giải thích}.",
		"{Chờ lâu quá|Đông mà chờ lâu}, {người già phải đứng|trẻ con khóc|lỡ cả buổi làm}.",
		"{Hồ sơ trễ hẹn|Trễ hẹn|Lại trễ hẹn} {ba lần|hơn một tuần|từ tháng trước|10 ngày}, {không ai báo trước|không báo lý do|gọi hỏi thì bảo đợi}.",
		"{Nộp hồ sơ đất đai|Làm sổ đỏ|Xin cấp đổi|Xin giấy phép xây dựng} mà trễ hẹn {hai tháng|mấy lần|ba lần hẹn}. {Không ai gọi báo trước.|Hỏi quầy nào cũng lắc đầu.|Đề nghị trả lời bằng giấy.}",
		"{Bổ sung giấy tờ|Bắt bổ sung giấy tờ|Cứ đòi bổ sung giấy tờ} {ba lần|nhiều lần|từng tờ một}, {lần đầu không hướng dẫn hết|mỗi lần đòi một kiểu|sao không nói từ đầu}.",
		"Phải đi lại {ba lần|bốn lần|năm lần} mới đủ giấy tờ, {đường xa|mất cả ngày công|xăng xe tốn kém}.",
		"{Trang dịch vụ công|Cổng dịch vụ công|Phần mềm} {hay bị lỗi|báo lỗi liên tục|lỗi mãi} khi {tải giấy tờ lên|đăng nhập|nộp hồ sơ}.",
		"Phản ánh {đã gửi hơn một tháng|về rác thải|về đường hỏng|từ đầu năm} {chưa thấy trả lời|không ai trả lời|vẫn chưa trả lời}.",
		"{Cán bộ|Nhân viên quầy 2|Chị ở quầy hộ tịch} {thái độ khó chịu|thái độ cửa quyền|trả lời cộc lốc|hỏi thì gắt gỏng}, {dân hỏi không muốn trả lời|vừa làm vừa xem điện thoại|không chào hỏi}.",
		"Bãi gửi xe chật, {người lớn tuổi khó đi vào|trời mưa ướt hết|xe để cả ra đường}.",
		"Biển chỉ dẫn {khó tìm|nhỏ quá}, vào rồi không biết lấy số ở đâu.",
		"Cần giải thích rõ hơn vì sao phải bổ sung giấy tờ.",
		"Máy lấy số hỏng, phải xếp hàng {chờ gọi tên|từ sáng sớm}.",
		"Thu thêm {50.000 đồng|20.000 đồng} mà không có biên lai, {hỏi không ai nói|đề nghị kiểm tra}.",
	}
	neutralComments = []string{
		"Nên có thêm ghế chờ và quạt.",
		"Đề nghị làm việc thêm sáng thứ Bảy{| cho người đi làm}.",
		"Mong có bản hướng dẫn chữ to cho {người cao tuổi|người già|bà con}.",
		"Nên nhắn tin khi có kết quả để dân khỏi phải gọi hỏi.",
		"Cần thêm mẫu tờ khai điền sẵn để người dân xem.",
		"Không có ý kiến gì thêm.",
		"Phí nên niêm yết to hơn, dễ nhìn hơn.",
		"Mong giảm bớt giấy tờ phải nộp bản sao có chứng thực.",
		"{Bình thường|Tạm được}, {buổi sáng hơi đông|thứ Hai hơi đông}, {buổi chiều vắng hơn|nên chia bớt quầy}.",
		"Cán bộ làm được việc, {phòng hơi chật|máy tính hơi chậm|nên có nước uống}.",
	}
	englishComments = []string{
		"Staff were helpful and spoke some English.",
		"Please add English signs at the counters.",
		"The online form would not accept my passport number.",
		"Quick and polite service, thank you.",
	}
)
