package simulate

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
	return pool[g.rnd.IntN(len(pool))]
}

// Comments made up for the demo. None of them was written by a citizen.
var (
	goodComments = []string{
		"Cán bộ hướng dẫn rất tận tình, nói dễ hiểu.",
		"Giải quyết nhanh, đúng hẹn. Cảm ơn các anh chị.",
		"Nộp hồ sơ qua mạng tiện lợi, không phải đi lại nhiều lần.",
		"Phòng chờ sạch sẽ, mát, có chỗ ngồi cho người già.",
		"Nhân viên vui vẻ, lịch sự, chào hỏi từ lúc vào cửa.",
		"Nhận kết quả sớm hơn giấy hẹn một ngày.",
		"Có người hỗ trợ điền tờ khai nên tôi làm xong ngay trong buổi sáng.",
		"Từ ngày sáp nhập phường, tôi thấy làm giấy tờ nhanh hơn trước.",
	}
	badComments = []string{
		"Chờ quá lâu, buổi sáng chỉ có một quầy làm việc.",
		"Phải đi lại ba lần mới đủ giấy tờ, lần đầu không hướng dẫn hết.",
		"Hồ sơ trễ hẹn mà không ai báo trước.",
		"Trang dịch vụ công hay bị lỗi khi tải giấy tờ lên.",
		"Bãi gửi xe chật, người lớn tuổi khó đi vào.",
		"Phản ánh đã gửi hơn một tháng chưa thấy trả lời.",
		"Biển chỉ dẫn khó tìm, vào rồi không biết lấy số ở đâu.",
		"Cần giải thích rõ hơn vì sao phải bổ sung giấy tờ.",
		"Máy lấy số hỏng, phải xếp hàng chờ gọi tên.",
	}
	neutralComments = []string{
		"Nên có thêm ghế chờ và quạt.",
		"Đề nghị làm việc thêm sáng thứ Bảy.",
		"Mong có bản hướng dẫn chữ to cho người cao tuổi.",
		"Nên nhắn tin khi có kết quả để dân khỏi phải gọi hỏi.",
		"Cần thêm mẫu tờ khai điền sẵn để người dân xem.",
		"Không có ý kiến gì thêm.",
		"Phí nên niêm yết to hơn, dễ nhìn hơn.",
		"Mong giảm bớt giấy tờ phải nộp bản sao có chứng thực.",
	}
	englishComments = []string{
		"Staff were helpful and spoke some English.",
		"Please add English signs at the counters.",
		"The online form would not accept my passport number.",
		"Quick and polite service, thank you.",
	}
)
